"""One room per system: each component owns one decision about MadeBuy's infrastructure, whole."""
