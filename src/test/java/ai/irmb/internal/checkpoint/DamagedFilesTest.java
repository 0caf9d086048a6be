package ai.irmb.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.error.WeightsException;
import ai.irmb.internal.weights.StoragePrecision;
import ai.irmb.internal.weights.WeightFile;
import ai.irmb.internal.weights.torch.ZipBuilder;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Truncated and changed files: a typed error that names the file, or the weights in the file. */
@Tag("long")
class DamagedFilesTest {
  /** Changes per test; more for a longer run. */
  private static final int CHANGES = Integer.getInteger("irmb.mutations", 700);

  private static final int SMALL_STACK = 512 << 10;

  @TempDir Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(
      strings = {"good.pt", "good-views.pt", "st-good.safetensors", "legacy-state-dict.pt"})
  void everyPrefixIsRefused(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(Fixtures.path(name));
    inSmallStack(
        () -> {
          for (int length = 0; length < bytes.length; length += 97) {
            byte[] cut = Arrays.copyOf(bytes, length);
            String message =
                String.valueOf(assertThrows(WeightsException.class, () -> read(cut)).getMessage());
            assertTrue(message.startsWith("cut: "), message);
          }
        });
  }

  /** Every byte of a zip is checked or ignored. */
  @Test
  void aChangedByteInAZipIsRefusedOrIgnored() throws Exception {
    byte[] bytes = Files.readAllBytes(Fixtures.path("good.pt"));
    String expected = SharedFiles.digest(read(bytes).weights().tensors());
    Random random = new Random(20_261_125);
    for (int i = 0; i < CHANGES; i++) {
      byte[] changed = bytes.clone();
      changed[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      try {
        assertEquals(expected, SharedFiles.digest(read(changed).weights().tensors()));
      } catch (WeightsException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("cut: "));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"st-good.safetensors", "legacy-state-dict.pt"})
  void aChangedByteIsRefusedOrRead(String name) throws Exception {
    byte[] bytes = Files.readAllBytes(Fixtures.path(name));
    mutate(bytes, bytes.length, UnaryOperator.identity());
  }

  /** The CRC is correct, so that the pickle reader gets the change. */
  @Test
  void aChangedByteInThePickleIsRefusedOrRead() throws Exception {
    ZipBuilder archive = ZipBuilder.of(Files.readAllBytes(Fixtures.path("good.pt")));
    byte[] pickle = archive.get("base_v/data.pkl");
    mutate(pickle, pickle.length, changed -> archive.put("base_v/data.pkl", changed).bytes());
  }

  /** Changes the pickles of a legacy file. */
  @Test
  void aChangedByteInALegacyPickleIsRefusedOrRead() throws Exception {
    byte[] bytes = Files.readAllBytes(Fixtures.path("legacy-state-dict.pt"));
    mutate(bytes, 40_000, UnaryOperator.identity());
  }

  private void mutate(byte[] bytes, int within, UnaryOperator<byte[]> repack) throws Exception {
    Random random = new Random(20_261_125);
    Path out = folder.resolve("out.safetensors");
    inSmallStack(
        () -> {
          for (int i = 0; i < CHANGES; i++) {
            byte[] changed = bytes.clone();
            int at = random.nextInt(within);
            changed[at] = (byte) random.nextInt(256);
            byte[] file = repack.apply(changed);
            try {
              CheckpointWriter.write(read(file), out, StoragePrecision.KEEP);
            } catch (WeightsException e) {
              // The message names the file that was read, or the one that could not be written.
              assertTrue(String.valueOf(e.getMessage()).matches("(?s)(cut|out\\.).*"));
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "version https://git-lfs.github.com/spec/v1 | Git LFS",
        "<!DOCTYPE html><html></html> | HTML",
        "GGUF.... | GGUF",
        "`\u0089HDF\r\n\u001a\n` | HDF5",
        "`\u0080\u0004\u0095abc` | pickle",
        "`\u001f\u008b.....` | gzip",
        "`\u0008\u0007\u0012\u0007pytorch` | ONNX",
        "nc: 80 | text",
        "`` | empty"
      })
  void namesTheFormatOfOtherFiles(String content, String word) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    String message =
        String.valueOf(assertThrows(WeightsException.class, () -> read(bytes)).getMessage());
    assertTrue(message.contains(word), message);
  }

  @Test
  void namesATarArchiveAndAZipAfterOtherData() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertTrue(readError(tar).contains("tar archive"));
    byte[] good = Files.readAllBytes(Fixtures.path("good.pt"));
    byte[] prefixed = new byte[good.length + 10];
    System.arraycopy(good, 0, prefixed, 10, good.length);
    assertTrue(readError(prefixed).contains("precedes the zip archive"));
  }

  @Test
  void namesAFileThatDoesNotExistAndAFolder() {
    Path missing = folder.resolve("no.pt");
    assertEquals(missing + ": there is no such file", SharedFiles.readError(missing));
    assertTrue(SharedFiles.readError(folder).endsWith("this is a folder, not a file of weights"));
  }

  private static String readError(byte[] bytes) {
    return String.valueOf(assertThrows(WeightsException.class, () -> read(bytes)).getMessage());
  }

  private static Checkpoint read(byte[] bytes) {
    return CheckpointReader.read(WeightFile.of("cut", bytes), Limits.DEFAULTS);
  }

  private static void inSmallStack(Runnable test) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                test.run();
              } catch (Throwable e) {
                failure.set(e);
              }
            },
            "small stack",
            SMALL_STACK);
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }
}
