package ai.irmb.internal.validate;

import ai.irmb.error.DatasetException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Reads the lines of a UTF-8 file of bounded length. */
final class TextLines {
  private TextLines() {}

  /**
   * {@return the lines, without byte order marks: editors on Windows write one at the start, and
   * joined files have more}
   *
   * @throws DatasetException if the file cannot be read, is longer, or is not text in UTF-8
   */
  static List<String> read(Path file, long maxBytes) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new DatasetException(file + ": this is a folder, pipe or device, not a text file");
    }
    try {
      long bytes = Files.size(file);
      if (bytes > maxBytes) {
        throw new DatasetException(
            file + ": " + bytes + " bytes are more than the limit of " + maxBytes);
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      lines.replaceAll(TextLines::withoutByteOrderMark);
      return lines;
    } catch (CharacterCodingException e) {
      throw new DatasetException(file + ": this is not text in UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new DatasetException(file + ": there is no such file or folder", e);
    } catch (IOException e) {
      throw new DatasetException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String withoutByteOrderMark(String line) {
    return line.startsWith("\uFEFF") ? line.substring(1) : line;
  }
}
