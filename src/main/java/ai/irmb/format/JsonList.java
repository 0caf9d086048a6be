package ai.irmb.format;

import java.io.IOException;
import java.io.Writer;

/** The elements of a JSON list, written one by one. */
final class JsonList {
  private final Writer out;
  private boolean isEmpty = true;

  JsonList(Writer out) {
    this.out = out;
  }

  void add(String element) throws IOException {
    out.write((isEmpty ? "" : ",\n") + element);
    isEmpty = false;
  }
}
