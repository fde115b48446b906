"""Learning curves extrapolated (Domhan, Springenberg and Hutter 2015)."""
