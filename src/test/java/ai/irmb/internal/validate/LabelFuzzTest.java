package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** A fuzz target for label files; see {@code ReadersFuzzTest}. */
@Tag("fast")
class LabelFuzzTest {
  @FuzzTest(maxDuration = "30m")
  void labels(byte[] data) throws IOException {
    Path file = Files.createTempFile("fuzz", ".txt");
    try {
      Files.write(file, data);
      LabelFile.read(file, 80);
    } catch (DatasetException e) {
      if (!String.valueOf(e.getMessage()).startsWith(file + ":")) {
        throw new IllegalStateException("the message does not name the file", e);
      }
    } finally {
      Files.delete(file);
    }
  }
}
