package ai.irmb.internal.postprocess;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.internal.head.HeadLayout;
import ai.irmb.testing.Npz;
import ai.irmb.testing.Shared;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Decodes the raw outputs of every reference network as YOLOv5 does. */
@Tag("reference")
class HeadDecoderReferenceTest {
  @TestFactory
  Stream<DynamicTest> decodesAsUpstream() {
    Path folder = Shared.reference("models");
    JsonObject index = Shared.json(folder.resolve("index.json")).getAsJsonObject();
    return StreamSupport.stream(index.getAsJsonArray("networks").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("name").getAsString(), () -> decodesAsUpstream(folder, row)));
  }

  private static void decodesAsUpstream(Path folder, JsonObject row) throws IOException {
    Map<String, Npz.Array> arrays =
        Npz.read(folder.resolve(row.get("name").getAsString() + ".npz"));
    Npz.Array decoded = requireNonNull(arrays.get("decoded"));
    int values = decoded.shape()[2];
    int classes = row.get("nc").getAsInt();
    HeadDecoder decoder =
        new HeadDecoder(new HeadLayout(anchors(row), classes, values - 5 - classes), levels(row));
    List<LevelOutput> outputs = new ArrayList<>();
    for (int i = 0; arrays.containsKey("raw" + i); i++) {
      outputs.add(asConvolution(requireNonNull(arrays.get("raw" + i))));
    }
    int length = decoded.shape()[1] * values;
    float greatest = 0;
    for (float value : decoded.data()) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    float[] all = decoder.decodeAll(outputs);
    assertEquals(decoded.data().length, all.length);
    for (int image = 0; image < decoded.shape()[0]; image++) {
      float[] ours = Arrays.copyOfRange(all, image * length, (image + 1) * length);
      for (int i = 0; i < length; i++) {
        float expected = decoded.data()[image * length + i];
        // A few units in the last place: the same formula on the same values.
        float off = Math.abs(expected - ours[i]);
        assertTrue(
            off <= 2e-6f * Math.max(1, Math.abs(expected)) && off <= 1e-4f * greatest,
            "prediction "
                + i / values
                + ", value "
                + i % values
                + ": "
                + expected
                + " vs "
                + ours[i]);
      }
      NmsOracle.assertSameCandidates(
          decoded.data(),
          image * length,
          decoded.shape()[1],
          classes,
          values,
          decoder,
          outputs,
          image);
    }
  }

  private static int anchors(JsonObject row) {
    return row.getAsJsonArray("anchors").get(0).getAsJsonArray().size() / 2;
  }

  private static List<HeadLevel> levels(JsonObject row) {
    JsonArray strides = row.getAsJsonArray("strides");
    JsonArray anchors = row.getAsJsonArray("anchors");
    List<HeadLevel> levels = new ArrayList<>();
    for (int i = 0; i < strides.size(); i++) {
      JsonArray pixels = anchors.get(i).getAsJsonArray();
      float[] sizes = new float[pixels.size()];
      for (int k = 0; k < sizes.length; k++) {
        sizes[k] = pixels.get(k).getAsFloat();
      }
      levels.add(new HeadLevel(strides.get(i).getAsFloat(), sizes));
    }
    return levels;
  }

  /** Reorders (N, anchors, H, W, values) to the convolution's (N, anchors × values, H, W). */
  private static LevelOutput asConvolution(Npz.Array raw) {
    int[] shape = raw.shape();
    int planes = shape[0] * shape[1];
    int cells = shape[2] * shape[3];
    int values = shape[4];
    float[] data = new float[raw.data().length];
    for (int p = 0; p < planes; p++) {
      for (int cell = 0; cell < cells; cell++) {
        for (int k = 0; k < values; k++) {
          data[(p * values + k) * cells + cell] = raw.data()[(p * cells + cell) * values + k];
        }
      }
    }
    return new LevelOutput(data, shape[2], shape[3]);
  }
}
