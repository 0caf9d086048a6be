package ai.irmb.internal.cli;

import ai.irmb.internal.json.JsonWriter;
import java.io.IOException;
import java.util.Map;

/** Writes a file with one JSON array element by element. Not safe for concurrent use. */
final class JsonArrayWriter implements AutoCloseable {
  private final AtomicTextFile file;
  private final String between;
  private boolean isEmpty = true;

  /**
   * @param file is closed with this writer
   * @param between separator of two elements: a comma and optional white space
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

  /** Deletes the file unless it is finished. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
