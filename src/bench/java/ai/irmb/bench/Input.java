package ai.irmb.bench;

import ai.irmb.image.RgbImage;
import ai.irmb.internal.geometry.LetterboxGeometry;
import ai.irmb.internal.image.Letterbox;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * What a network is given: one image, a few times over.
 *
 * @param pixels (count, height, width, 3)
 */
@SuppressWarnings("ArrayRecordComponent")
record Input(byte[] pixels, int count, int height, int width) {
  static Input of(RgbImage image, int count, int height, int width) {
    LetterboxGeometry geometry =
        LetterboxGeometry.of(image.width(), image.height(), width, height, false, true, 32);
    ByteBuffer out = ByteBuffer.allocate(count * geometry.bytes());
    for (int i = 0; i < count; i++) {
      Letterbox.apply(image, geometry, out, i * geometry.bytes());
    }
    return new Input(out.array(), count, height, width);
  }

  /** {@return a copy of the pixels that the engine can read} */
  ByteBuffer direct() {
    return ByteBuffer.allocateDirect(pixels.length).put(pixels).clear();
  }

  /** {@return (count, 3, height, width), from 0 to 1, as an ONNX export wants it} */
  FloatBuffer planes() {
    int plane = height * width;
    FloatBuffer planes =
        ByteBuffer.allocateDirect(4 * pixels.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    for (int i = 0; i < count; i++) {
      toPlanes(pixels, 3 * plane * i, plane, planes);
    }
    return planes.flip();
  }

  /** Appends one image. */
  static void toPlanes(byte[] pixels, int at, int plane, FloatBuffer out) {
    int to = out.position();
    for (int c = 0; c < 3; c++) {
      for (int p = 0; p < plane; p++) {
        out.put(to + c * plane + p, (pixels[at + 3 * p + c] & 0xFF) / 255f);
      }
    }
    out.position(to + 3 * plane);
  }
}
