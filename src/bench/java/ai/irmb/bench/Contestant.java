package ai.irmb.bench;

import ai.onnxruntime.OrtException;

/** One way of doing a piece of work. Not safe for concurrent use. */
interface Contestant extends AutoCloseable {
  /** {@return the name in the table} */
  String name();

  /** Does the work once. */
  void run() throws Exception;

  @Override
  void close() throws OrtException;
}
