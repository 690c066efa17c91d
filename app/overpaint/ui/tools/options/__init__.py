"""What painting and selecting tools are set to: shown in the option bar, remembered in the settings."""
