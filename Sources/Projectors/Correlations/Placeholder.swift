// Correlations
