package ai.irmb.validate;

import ai.irmb.error.DataSetException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The lines of a text file of bounded length. */
final class TextLines {
  private TextLines() {}

  /**
   * {@return the lines}
   *
   * @throws DataSetException if the file cannot be read, is longer, or is not text in UTF-8
   */
  static List<String> of(Path file, long mostBytes) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DataSetException(file + ": this is a folder, pipe or device, not a text");
    }
    try {
      long bytes = Files.size(file);
      if (bytes > mostBytes) {
        throw new DataSetException(
            file + ": " + bytes + " bytes are more than the limit of " + mostBytes);
      }
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new DataSetException(file + ": this is not text in UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new DataSetException(file + ": there is no such file or folder", e);
    } catch (IOException e) {
      throw new DataSetException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
