// Errors
