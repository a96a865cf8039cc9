"""What the page shows of SuperSpike: its plots, equation, words and targets of one's own."""
