package ai.irmb.internal.weights.torch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds a zip entry by entry, or from an existing zip whose entries are to be changed. */
public final class ZipBuilder {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int method = ZipEntry.STORED;

  /** {@return a builder with the entries of an existing zip} */
  public static ZipBuilder of(byte[] zip) throws IOException {
    ZipBuilder archive = new ZipBuilder();
    java.nio.file.Path file = java.nio.file.Files.createTempFile("archive", ".zip");
    try {
      java.nio.file.Files.write(file, zip);
      try (java.util.zip.ZipFile open = new java.util.zip.ZipFile(file.toFile())) {
        for (ZipEntry entry : java.util.Collections.list(open.entries())) {
          archive.entries.put(entry.getName(), open.getInputStream(entry).readAllBytes());
        }
      }
    } finally {
      java.nio.file.Files.delete(file);
    }
    return archive;
  }

  public ZipBuilder put(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  public ZipBuilder deflated() {
    method = ZipEntry.DEFLATED;
    return this;
  }

  /** {@return the names of the entries, in order} */
  public java.util.Set<String> names() {
    return java.util.Collections.unmodifiableSet(entries.keySet());
  }

  public byte[] get(String name) {
    return java.util.Objects.requireNonNull(entries.get(name)).clone();
  }

  /** {@return the zip, with correct sizes and CRCs} */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> item : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(item.getKey());
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(item.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(item.getValue().length);
        zip.putNextEntry(entry);
        new ByteArrayInputStream(item.getValue()).transferTo(zip);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
