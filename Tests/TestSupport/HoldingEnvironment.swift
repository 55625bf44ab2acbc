/// A program for Python that opens an LMDB environment by liblmdb alone, begins a read transaction,
/// says `held`, and keeps it.
package let holdingEnvironment = """
  import ctypes, sys, time
  lmdb = ctypes.CDLL("liblmdb.so.0")
  environment, transaction = ctypes.c_void_p(), ctypes.c_void_p()
  read_only, without_threads = 0x20000, 0x200000
  for code in (
      lmdb.mdb_env_create(ctypes.byref(environment)),
      lmdb.mdb_env_set_maxdbs(environment, 128),
      lmdb.mdb_env_open(environment, sys.argv[1].encode(), read_only | without_threads, 0o600),
      lmdb.mdb_txn_begin(environment, None, read_only, ctypes.byref(transaction))):
      assert code == 0, code
  print("held", flush=True)
  time.sleep(600)
  """
