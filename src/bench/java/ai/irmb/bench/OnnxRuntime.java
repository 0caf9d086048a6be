package ai.irmb.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** ONNX Runtime's network alone, with all its optimizations: a tensor in, the decoded head out. */
final class OnnxRuntime implements Contestant {
  private final OrtSession session;
  private final FloatBuffer planes;
  private final long[] shape;

  OnnxRuntime(Path onnx, int threads, Input input) throws OrtException {
    this.session = open(onnx, threads);
    this.planes = input.planes();
    this.shape = new long[] {input.count(), 3, input.height(), input.width()};
  }

  static OrtSession open(Path onnx, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return OrtEnvironment.getEnvironment().createSession(onnx.toString(), options);
    }
  }

  @Override
  public String name() {
    return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
  }

  @Override
  public void run() throws OrtException {
    result(result -> result.get(0).getInfo());
  }

  /** {@return (N, rows, 5 + classes), decoded; copied} */
  FloatBuffer output() throws OrtException {
    return result(result -> ((OnnxTensor) result.get(0)).getFloatBuffer());
  }

  private interface Use<T> {
    T of(OrtSession.Result result) throws OrtException;
  }

  private <T> T result(Use<T> use) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor x = OnnxTensor.createTensor(environment, planes.duplicate(), shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), x))) {
      return use.of(result);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
