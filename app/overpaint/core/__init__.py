"""The facts and rules everything rests on: sizes, models, prices, masks, history and errors."""
