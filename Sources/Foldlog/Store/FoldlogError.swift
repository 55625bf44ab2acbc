internal import EventLog
internal import Facts
internal import Files
internal import Ingest
internal import LMDB
internal import Pipeline
internal import Query
internal import ViewStore
internal import Views

/// What went wrong, in the terms of the command line's exit status.
public struct FoldlogError: Error, Sendable, CustomStringConvertible {
  /// What sort of error it is: the exit status of the command line.
  public enum Code: Int32, Sendable {
    case usage = 64
    case badData = 65
    case noInput = 66
    case inputOutput = 74
    case locked = 75
  }

  /// The exit status.
  public let code: Code
  /// What is wrong, where, and what to do.
  public let description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// Any error of the parts, as a person and a script should see it.
  package init(_ error: any Error) {
    switch error {
    case let error as FoldlogError: self = error
    case let error as LogError: self.init(Self.code(of: error), error.description)
    case let error as StoreError: self.init(Self.code(of: error), error.description)
    case let error as IngestError:
      self.init(error.code == .absent ? .noInput : .inputOutput, error.description)
    case let error as QueryError:
      self.init(error.kind == .missing ? .noInput : .usage, error.description)
    case let error as PipeCollision: self.init(.locked, error.description)
    case let error as TableError where error.isDamage:
      self.init(.badData, "\(error). `foldlog replay` folds the views again from the log")
    case let error as FoldError where error.isDamage:
      self.init(.badData, "\(error). `foldlog replay` folds the views again from the log")
    case let error as RebuildError: self.init(.badData, error.description)
    default: self.init(.inputOutput, "\(error)")
    }
  }

  private static func code(of error: LogError) -> Code {
    switch error {
    case .absent: .noInput
    case .damaged, .unknownFormat, .record: .badData
    case .sourceMoved, .retriedMeanwhile, .answeredMeanwhile: .locked
    case .storage where error.isDamage: .badData
    case .mapFull, .storage, .compression: .inputOutput
    }
  }

  private static func code(of error: StoreError) -> Code {
    switch error {
    case .absent, .unknownView: .noInput
    case .record, .table: .badData
    case .replaced: .locked
    case .storage where error.isDamage: .badData
    case .storage, .files: .inputOutput
    }
  }
}

extension Error {
  /// Whether a disk without room is the cause, whichever part says so.
  var isOfFullDisk: Bool {
    switch self {
    case let error as LMDBError: error.isDiskFull
    case let error as FileError: error.isDiskFull
    case let error as LogError: error.isDiskFull
    case let error as StoreError: error.isDiskFull
    default: false
    }
  }
}
