import Testing

@Suite struct ToolsProjectorTests {}
