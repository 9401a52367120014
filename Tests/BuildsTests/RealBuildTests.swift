import Testing

/// Tests that run real builds: one after the other, because they measure time, memory and processes.
@Suite(.serialized) enum RealBuildTests {}
