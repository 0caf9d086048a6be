package ai.irmb.internal.cli;

import ai.irmb.internal.json.JsonWriter;
import java.io.IOException;
import java.util.Map;

/**
 * A file with one JSON list, written as it comes, so that nothing is kept. Not for concurrent use.
 */
final class JsonArrayWriter implements AutoCloseable {
  private final AtomicTextFile file;
  private final String between;
  private boolean isEmpty = true;

  /**
   * @param file becomes this list's and is closed with it
   * @param between two objects: a comma, with blanks to taste
   */
  JsonArrayWriter(AtomicTextFile file, String between) {
    this.file = file;
    this.between = between;
  }

  void add(Map<String, Object> object) throws IOException {
    file.append((isEmpty ? "[" : between) + JsonWriter.write(object));
    isEmpty = false;
  }

  void finish() throws IOException {
    file.append((isEmpty ? "[]" : "]") + System.lineSeparator());
    file.finish();
  }

  /** Removes what was written, unless it was finished. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
