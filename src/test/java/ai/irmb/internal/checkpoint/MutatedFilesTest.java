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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that are cut, and files of which an instruction, a field of the header or one of the zip's
 * is another: the same weights or a sentence, within P4's memory and a second of work. Seeds are
 * the numbers of the cases. {@code -Dirmb.mutations=20000} tries as many of each kind.
 */
class MutatedFilesTest {
  private static final int MUTATIONS = Integer.getInteger("irmb.mutations", 300);
  private static final double MAX_SECONDS = 1;

  /** What follows reading allocates for a network, in all; the tree is bounded by the file. */
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
    assertTrue(outcome.seconds() < MAX_SECONDS, () -> outcome.seconds() + " s");
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
  void refusesAFileThatEndsEarly(String name) throws IOException {
    byte[] whole = fixture(name);
    Random random = new Random(20_261_125);
    for (int length = Math.max(whole.length - 2048, 0); length < whole.length; length++) {
      assertNotNull(read(Arrays.copyOf(whole, length)).failure(), "cut at " + length);
    }
    for (int i = 0; i < 200; i++) {
      int length = random.nextInt(whole.length);
      assertNotNull(read(Arrays.copyOf(whole, length)).failure(), "cut at " + length);
    }
  }

  /** Runs all mutations; {@code same} is told of each that was taken. */
  private static void mutate(
      TestReporter reporter,
      Function<Random, byte[]> mutation,
      String expected,
      BiConsumer<byte[], Checkpoint> other) {
    int refused = 0;
    int same = 0;
    double slowest = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] file = mutation.apply(new Random(seed));
      try {
        Outcome<Checkpoint, WeightsException> outcome = read(file);
        slowest = Math.max(slowest, outcome.seconds());
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
        "refused %d, same %d, as the file says %d, slowest %.3f s"
            .formatted(refused, same, MUTATIONS - refused - same, slowest));
  }

  /** A checkpoint that can be read makes a network, or is refused like one that cannot. */
  private static void build(Checkpoint checkpoint) {
    Outcome<Summary, IrmbException> outcome =
        Bounded.run(
            NETWORK_BYTES,
            IrmbException.class,
            () -> {
              Model model =
                  ModelAssembly.assemble(
                      checkpoint, null, BlockRegistry.standard(), Limits.DEFAULTS);
              return Summary.of(model, 64, 64);
            });
    assertTrue(outcome.seconds() < MAX_SECONDS, () -> "building: " + outcome.seconds() + " s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"good.pt", "good-views.pt"})
  void readsAZipOfWhichFieldsAreOthersTheSameOrNot(String name, TestReporter reporter)
      throws IOException {
    byte[] good = fixture(name);
    mutate(
        reporter,
        random -> ZipMutator.mutate(good, random),
        digest(good),
        (file, checkpoint) -> {
          throw new AssertionError("other weights, without a word");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"good.pt", "good-views.pt", "v7.0-stripped.pt"})
  void readsAPickleOfOtherInstructionsAsTheySayOrNot(String name, TestReporter reporter)
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
  void readsASafetensorsHeaderOfOtherFieldsAsItSaysOrNot(TestReporter reporter) throws IOException {
    byte[] good = fixture("st-good.safetensors");
    mutate(
        reporter,
        random -> SafetensorsHeaderMutator.mutate(good, random),
        digest(good),
        MutatedFilesTest::assertAsAPlainReader);
  }

  /** Names, shapes and bytes are those that a reader without any check finds. */
  private static void assertAsAPlainReader(byte[] file, Checkpoint checkpoint) {
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
