package ai.irmb.testing;

import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** An ONNX model in ONNX Runtime, as a stranger would run it. */
public final class OnnxRun implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;

  private OnnxRun(OrtSession session) {
    this.session = session;
  }

  /** {@return the model in a file's bytes} */
  public static OnnxRun of(byte[] model) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Waiting threads of its own would only take the processors from the engine's.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return new OnnxRun(ENVIRONMENT.createSession(model, options));
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  /** {@return what it says about itself} */
  public Map<String, String> metadata() {
    try {
      return session.getMetadata().getCustomMetadata();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  /** {@return every output for these images} */
  public Map<String, HostTensor> outputs(HostTensor images) {
    Map<String, HostTensor> outputs = new LinkedHashMap<>();
    try (OnnxTensor x =
            OnnxTensor.createTensor(
                ENVIRONMENT, FloatBuffer.wrap(images.toFloats()), images.shape().toArray());
        OrtSession.Result result = session.run(Map.of("images", x))) {
      for (Map.Entry<String, OnnxValue> entry : result) {
        OnnxTensor value = (OnnxTensor) entry.getValue();
        float[] numbers = new float[value.getFloatBuffer().remaining()];
        value.getFloatBuffer().get(numbers);
        outputs.put(entry.getKey(), HostTensor.of(Shape.of(value.getInfo().getShape()), numbers));
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
    return outputs;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }
}
