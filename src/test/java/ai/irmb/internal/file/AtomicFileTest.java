package ai.irmb.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("fast")
class AtomicFileTest {
  @TempDir private Path folder = Path.of("");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aLinksTargetIsReplaced() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("target"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), first);
    AtomicFile.write(second, out -> out.write(bytes("new")));
    assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
    assertEquals("new", Files.readString(target));
    assertEquals(List.of("first", "second", "target"), names());
  }

  @Test
  void aDanglingLinksTargetIsCreated() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("sub/missing"));
    Files.createDirectory(folder.resolve("sub"));
    AtomicFile.write(link, out -> out.write(bytes("new")));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(folder.resolve("sub/missing")));
  }

  @Test
  void aLinkToItselfIsAnError() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("link"));
    IOException e = assertThrows(IOException.class, () -> AtomicFile.begin(link));
    assertTrue(e.toString().contains("the links have no end"), e.toString());
  }

  @Test
  void aFolderIsAnError() {
    assertThrows(IOException.class, () -> AtomicFile.write(folder, out -> out.write(1)));
    assertTrue(Files.isDirectory(folder));
  }

  @Test
  void aDeviceIsWrittenToAndStays() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/null")) && Files.exists(Path.of("/dev/full")));
    Path link = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
    AtomicFile.write(link, out -> out.write(bytes("new")));
    AtomicFile.write(Path.of("/dev/null"), out -> out.write(bytes("new")));
    assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    assertThrows(
        IOException.class,
        () -> AtomicFile.write(Path.of("/dev/full"), out -> out.write(bytes("new"))));
    assertFalse(Files.isRegularFile(Path.of("/dev/full")));
  }

  @Test
  void aPipeIsWrittenToAndStays() throws Exception {
    Path pipe = folder.resolve("pipe");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readAllBytes(pipe);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    AtomicFile.write(pipe, out -> out.write(bytes("new")));
    assertArrayEquals(bytes("new"), read.get());
    assertEquals(List.of("pipe"), names());
    assertFalse(Files.isRegularFile(pipe));
  }

  @Test
  void anErrorLeavesTheOldFileAndNoOther() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "old");
    assertThrows(
        IOException.class,
        () ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(bytes("half"));
                  throw new IOException("No space left on device");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("file"), names());
  }

  @Test
  void namesOfTemporaryFilesAreReused() throws IOException {
    Path first;
    try (AtomicFile.PendingFile one = AtomicFile.begin(folder.resolve("a"));
        AtomicFile.PendingFile two = AtomicFile.begin(folder.resolve("a"))) {
      first = one.file();
      assertFalse(first.equals(two.file()));
    }
    try (AtomicFile.PendingFile again = AtomicFile.begin(folder.resolve("b"));
        OutputStream out = again.open()) {
      out.write(1);
      assertEquals(first, again.file());
    }
    assertEquals(List.of(), names());
  }
}
