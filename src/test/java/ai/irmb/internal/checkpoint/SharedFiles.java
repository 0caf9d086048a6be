package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.tensor.Shape;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The folder of reference data beside the checkout. Tests that need it are skipped without it. */
public final class SharedFiles {
  private SharedFiles() {}

  /** {@return a file or folder of the reference data; skips the test if there is none} */
  public static Path path(String name) {
    String shared = System.getProperty("irmb.shared", "");
    assumeTrue(!shared.isEmpty(), "irmb.shared names no folder");
    return Path.of(shared, name);
  }

  public static JsonElement json(Path path) {
    try {
      return JsonParser.parseString(Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the error message of reading a file, which must fail} */
  public static String readError(Path file) {
    return Objects.requireNonNull(
        assertThrows(WeightsException.class, () -> CheckpointReader.read(file, Limits.DEFAULTS))
            .getMessage());
  }

  /** Fails unless the shapes and digests of the file's tensors are those of the oracle. */
  public static void checkTensors(Path file, JsonObject oracle) {
    Map<String, HostTensor> tensors =
        CheckpointReader.read(file, Limits.DEFAULTS).weights().tensors();
    Set<String> needed = new TreeSet<>(oracle.keySet());
    // A converter may omit the counters.
    needed.removeIf(key -> key.endsWith(".num_batches_tracked") && !tensors.containsKey(key));
    assertEquals(needed, new TreeSet<>(tensors.keySet()));
    for (String key : needed) {
      HostTensor actual = Objects.requireNonNull(tensors.get(key));
      JsonObject expected = oracle.getAsJsonObject(key);
      List<Long> shape = new ArrayList<>();
      expected.getAsJsonArray("shape").forEach(size -> shape.add(size.getAsLong()));
      assertEquals(new Shape(shape), actual.shape(), key);
      assertEquals(expected.get("sha256").getAsString(), digest(actual), key);
    }
  }

  /** {@return SHA-256 over all floating entries, as index.json describes it} */
  public static String digest(Map<String, HostTensor> tensors) {
    MessageDigest digest = sha256();
    new TreeMap<>(tensors)
        .forEach(
            (key, tensor) -> {
              if (tensor.dtype().isFloating()) {
                digest.update(key.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(floats(tensor));
              }
            });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** {@return SHA-256 of a tensor's values as little-endian single-precision numbers} */
  public static String digest(HostTensor tensor) {
    return HexFormat.of().formatHex(sha256().digest(floats(tensor)));
  }

  private static byte[] floats(HostTensor tensor) {
    float[] values = tensor.toFloats();
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    out.asFloatBuffer().put(values);
    return out.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
