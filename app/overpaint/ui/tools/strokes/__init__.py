"""Strokes of a brush: begun, continued and ended through the session, and how a drag shapes the brush."""
