"""The cache of a brush's dabs, which the hand and the worker threads share."""

from concurrent.futures import ThreadPoolExecutor

from overpaint.core.paint.stamps import StampCache, Tip

TIPS = [Tip(radius=2.0 + size / 4, hardness=0.5, level=1.0, erase=False) for size in range(40)]


def test_tips_that_fit_the_budget_keep_their_stamps() -> None:
    cache = StampCache()

    first = cache.of(TIPS[0])
    cache.of(TIPS[1])

    assert cache.of(TIPS[0]) is first


def test_tip_unused_for_longest_goes_when_the_budget_is_spent() -> None:
    cache = StampCache(budget_bytes=1)
    first, second = cache.of(TIPS[0]), cache.of(TIPS[1])
    for stamps in (first, second):
        stamps.stamp(0, 0)

    cache.of(TIPS[1])

    assert cache.of(TIPS[1]) is second
    assert cache.of(TIPS[0]) is not first


def test_threads_may_ask_at_the_same_time(restless: None) -> None:
    cache = StampCache(budget_bytes=2_000)

    def ask(start: int) -> int:
        return sum(cache.of(TIPS[(start + at) % len(TIPS)]).stamp(0, 0).size for at in range(3_000))

    with ThreadPoolExecutor(4) as pool:
        sizes = list(pool.map(ask, (0, 7, 19, 31)))

    assert len(set(sizes)) == 1
