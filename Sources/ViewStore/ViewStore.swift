// ViewStore
