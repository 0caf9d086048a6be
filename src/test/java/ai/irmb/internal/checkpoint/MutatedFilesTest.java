package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.IrmbException;
import ai.irmb.error.WeightsException;
import ai.irmb.internal.block.BlockRegistry;
import ai.irmb.internal.network.Model;
import ai.irmb.internal.network.ModelAssembly;
import ai.irmb.internal.network.Summary;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limits;
import ai.irmb.tensor.HostTensor;
import ai.irmb.testing.Bounded;
import ai.irmb.testing.Bounded.Outcome;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Truncated files, and files with changed pickle instructions, header fields or zip fields: either
 * the weights in the file or a typed error, within the memory limit. The seed of each case is its
 * number. {@code -Dirmb.mutations=20000} sets the number of cases.
 */
@Tag("long")
class MutatedFilesTest {
  private static final int MUTATIONS = Integer.getInteger("irmb.mutations", 300);

  /** Memory for building the network after reading, in all; the file bounds the module tree. */
  private static final long NETWORK_BYTES = 256L << 20;

  private static byte[] fixture(String name) throws IOException {
    return Files.readAllBytes(Fixtures.path(name));
  }

  private static Outcome<Checkpoint, WeightsException> read(byte[] file) {
    Outcome<Checkpoint, WeightsException> outcome =
        Bounded.run(
            Bounded.forWeights(file.length),
            WeightsException.class,
            () -> CheckpointReader.read(WeightFile.of("cut", file), Limits.DEFAULTS));
    WeightsException failure = outcome.failure();
    if (failure != null) {
      assertTrue(String.valueOf(failure.getMessage()).startsWith("cut: "), failure.getMessage());
    }
    return outcome;
  }

  private static String digest(Checkpoint checkpoint) {
    return SharedFiles.digest(checkpoint.weights().tensors());
  }

  private static String digest(byte[] good) {
    return digest(Objects.requireNonNull(read(good).value()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"good.pt", "good-views.pt", "legacy-state-dict.pt"})
  void refusesTruncatedFiles(String name) throws IOException {
    byte[] bytes = fixture(name);
    Random random = new Random(20_261_125);
    for (int length = Math.max(bytes.length - 2048, 0); length < bytes.length; length++) {
      assertNotNull(read(Arrays.copyOf(bytes, length)).failure(), "cut at " + length);
    }
    for (int i = 0; i < 200; i++) {
      int length = random.nextInt(bytes.length);
      assertNotNull(read(Arrays.copyOf(bytes, length)).failure(), "cut at " + length);
    }
  }

  /** Runs all mutations; {@code other} gets each accepted checkpoint whose weights differ. */
  private static void mutate(
      TestReporter reporter,
      Function<Random, byte[]> mutation,
      String expected,
      BiConsumer<byte[], Checkpoint> other) {
    int refused = 0;
    int same = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] file = mutation.apply(new Random(seed));
      try {
        Outcome<Checkpoint, WeightsException> outcome = read(file);
        Checkpoint checkpoint = outcome.value();
        if (checkpoint == null) {
          refused++;
        } else if (digest(checkpoint).equals(expected)) {
          same++;
          build(checkpoint);
        } else {
          other.accept(file, checkpoint);
          build(checkpoint);
        }
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    reporter.publishEntry(
        "refused %d, same weights %d, other weights %d"
            .formatted(refused, same, MUTATIONS - refused - same));
  }

  /** Building the network of a readable checkpoint succeeds or gives a typed error. */
  private static void build(Checkpoint checkpoint) {
    Bounded.run(
        NETWORK_BYTES,
        IrmbException.class,
        () -> {
          Model model =
              ModelAssembly.assemble(checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS);
          return Summary.of(model, 64, 64);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"good.pt", "good-views.pt"})
  void aZipWithChangedFieldsGivesTheSameWeightsOrAnError(String name, TestReporter reporter)
      throws IOException {
    byte[] good = fixture(name);
    mutate(
        reporter,
        random -> ZipMutator.mutate(good, random),
        digest(good),
        (file, checkpoint) -> {
          throw new AssertionError("other weights without an error");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"good.pt", "good-views.pt", "v7.0-stripped.pt"})
  void aPickleWithChangedInstructionsIsReadAsWrittenOrRefused(String name, TestReporter reporter)
      throws IOException {
    byte[] good = fixture(name);
    ZipBuilder archive = ZipBuilder.of(good);
    String record =
        archive.names().stream().filter(n -> n.endsWith("/data.pkl")).findFirst().orElseThrow();
    byte[] pickle = archive.get(record);
    mutate(
        reporter,
        random -> archive.put(record, PickleMutator.mutate(pickle, random)).bytes(),
        digest(good),
        (file, checkpoint) -> assertEquals(digest(checkpoint), digest(file)));
  }

  @Test
  void aSafetensorsHeaderWithChangedFieldsIsReadAsWrittenOrRefused(TestReporter reporter)
      throws IOException {
    byte[] good = fixture("st-good.safetensors");
    mutate(
        reporter,
        random -> SafetensorsHeaderMutator.mutate(good, random),
        digest(good),
        MutatedFilesTest::assertEqualsUncheckedReading);
  }

  /** Names, shapes and bytes are those that a reader without checks returns. */
  private static void assertEqualsUncheckedReading(byte[] file, Checkpoint checkpoint) {
    JsonObject header = SafetensorsHeaderMutator.header(file);
    long start = 8 + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    header.remove("__metadata__");
    assertEquals(header.keySet(), checkpoint.weights().tensors().keySet());
    for (String name : header.keySet()) {
      HostTensor tensor = Objects.requireNonNull(checkpoint.weights().tensors().get(name));
      JsonObject entry = header.getAsJsonObject(name);
      JsonArray range = entry.getAsJsonArray("data_offsets");
      int begin = (int) (start + range.get(0).getAsLong());
      int end = (int) (start + range.get(1).getAsLong());
      assertEquals(entry.get("dtype").getAsString(), tensor.dtype().name(), name);
      assertEquals(
          entry.getAsJsonArray("shape").asList().stream().map(e -> e.getAsLong()).toList(),
          tensor.shape().sizes(),
          name);
      assertEquals(ByteBuffer.wrap(file, begin, end - begin).slice(), tensor.bytes(), name);
    }
  }
}
