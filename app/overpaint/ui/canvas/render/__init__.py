"""How the canvas draws picture, mask and whatever lies over them."""
