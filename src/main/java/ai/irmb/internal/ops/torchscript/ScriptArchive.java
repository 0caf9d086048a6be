package ai.irmb.internal.ops.torchscript;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A TorchScript archive in memory: one class without attributes, so only its methods matter. */
final class ScriptArchive {
  private static final String CLASS = "M";

  /** Protocol 2: the class, no arguments, NEWOBJ; its state is training = False. */
  private static final byte[] MODULE =
      ("\u0080\u0002c__torch__\n" + CLASS + "\n)\u0081}X\u0008\0\0\0training\u0089sb.")
          .getBytes(ISO_8859_1);

  private static final byte[] EMPTY_TUPLE = "\u0080\u0002).".getBytes(ISO_8859_1);

  /** Fixed, so that equal programs are equal bytes, and local: no time zones are looked up. */
  private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private ScriptArchive() {}

  /**
   * {@return the bytes of an archive whose module has these methods}
   *
   * @param methods definitions in serialized TorchScript, indented by two spaces
   */
  static byte[] of(String methods) {
    String source =
        "class "
            + CLASS
            + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
            + methods;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      store(zip, "data.pkl", MODULE);
      store(zip, "code/__torch__.py", source.getBytes(UTF_8));
      store(zip, "constants.pkl", EMPTY_TUPLE);
      store(zip, "version", "6\n".getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(data);
    ZipEntry entry = new ZipEntry("archive/" + name);
    entry.setSize(data.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(TIME);
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }
}
