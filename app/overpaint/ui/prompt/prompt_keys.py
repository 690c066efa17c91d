"""Keys that are heard in the prompt, in the list of earlier prompts, and in the list of presets."""

from overpaint.ui.actions.action import Action

PROMPT_KEYS = (
    Action("prompt_older", "Earlier prompt, in the text", keys=("Alt+Up",), scope="prompt"),
    Action("prompt_newer", "Later prompt, in the text", keys=("Alt+Down",), scope="prompt"),
    Action("prompts_take", "Take the prompt", keys=("Return", "Enter"), scope="prompts"),
    Action("prompts_star", "Star the prompt", keys=("Space",), scope="prompts"),
    Action("prompts_remove", "Remove the prompt", keys=("Del",), scope="prompts"),
    Action("presets_rename", "Rename the preset", keys=("F2",), scope="presets"),
    Action("presets_remove", "Remove the presets", keys=("Del", "Backspace"), scope="presets"),
)
"""Done by the widgets themselves."""
