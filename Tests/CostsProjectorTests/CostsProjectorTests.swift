import Testing

@Suite struct CostsProjectorTests {}
