"""The demo school: invented people, with a term of school behind them that moves along with today."""
