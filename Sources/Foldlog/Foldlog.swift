// Foldlog
