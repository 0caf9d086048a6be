package ai.irmb.bench;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.geometry.LetterboxInverse;
import ai.irmb.internal.image.Letterbox;
import ai.irmb.internal.postprocess.Boxes;
import ai.irmb.internal.postprocess.Nms;
import ai.irmb.internal.postprocess.ScoredBoxes;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * From an image's file to boxes by hand, as a careful team would write it around ONNX Runtime: the
 * same decoder, letterbox and suppression as the library's, buffers made once, and only rows that
 * pass looked at.
 */
final class OnnxPipeline implements AutoCloseable {
  private static final float CONFIDENCE = 0.25f;

  private final OrtSession session;
  private final int size;
  private byte[] bytes = new byte[0];
  private FloatBuffer planes = FloatBuffer.allocate(0);
  private float[] row = new float[0];
  private double networkMillis;

  OnnxPipeline(Path onnx, int threads, int size) throws OrtException {
    this.session = OnnxRuntime.open(onnx, threads);
    this.size = size;
  }

  /** {@return boxes in the image's pixels} */
  ScoredBoxes detect(byte[] file) throws OrtException {
    RgbImage image = RgbImage.read(file, "image");
    LetterboxGeometry g =
        LetterboxGeometry.of(image.width(), image.height(), size, size, true, true, 32);
    if (bytes.length != g.bytes()) {
      bytes = new byte[g.bytes()];
      planes =
          ByteBuffer.allocateDirect(4 * g.bytes()).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
    Letterbox.apply(image, g, ByteBuffer.wrap(bytes), 0);
    planes.clear();
    Input.toPlanes(bytes, 0, g.width() * g.height(), planes);
    planes.flip();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {1, 3, g.height(), g.width()};
    ScoredBoxes candidates;
    long start = System.nanoTime();
    try (OnnxTensor x = OnnxTensor.createTensor(environment, planes, shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), x))) {
      networkMillis = (System.nanoTime() - start) / 1e6;
      OnnxTensor output = (OnnxTensor) result.get(0);
      candidates = candidates(output.getFloatBuffer(), (int) output.getInfo().getShape()[2]);
    }
    ScoredBoxes kept = new Nms(0.45, false, Nms.MAX_CANDIDATES, 300).suppress(candidates);
    Boxes.toOriginal(
        kept, LetterboxInverse.ofSizes(g.width(), g.height(), image.width(), image.height()));
    return kept;
  }

  /** {@return the milliseconds of the network in the last call} */
  double networkMillis() {
    return networkMillis;
  }

  private ScoredBoxes candidates(FloatBuffer output, int columns) {
    if (row.length != columns) {
      row = new float[columns];
    }
    int count = 0;
    float[] boxes = new float[256];
    float[] scores = new float[64];
    int[] classes = new int[64];
    for (int at = 0; at < output.limit(); at += columns) {
      float objectness = output.get(at + 4);
      if (objectness <= CONFIDENCE) {
        continue;
      }
      output.get(at, row);
      int best = 5;
      for (int c = 6; c < columns; c++) {
        best = row[c] > row[best] ? c : best;
      }
      float score = row[best] * objectness;
      if (score <= CONFIDENCE) {
        continue;
      }
      if (count == scores.length) {
        boxes = Arrays.copyOf(boxes, 8 * count);
        scores = Arrays.copyOf(scores, 2 * count);
        classes = Arrays.copyOf(classes, 2 * count);
      }
      boxes[4 * count] = row[0] - row[2] / 2;
      boxes[4 * count + 1] = row[1] - row[3] / 2;
      boxes[4 * count + 2] = row[0] + row[2] / 2;
      boxes[4 * count + 3] = row[1] + row[3] / 2;
      scores[count] = score;
      classes[count++] = best - 5;
    }
    return new ScoredBoxes(count, boxes, scores, classes, new int[count], new float[0], 0);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
