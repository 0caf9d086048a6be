package ai.irmb.internal.weights.torch;

import ai.irmb.error.WeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The zip64 extra field of an entry: 64-bit values for those 32-bit fields that are 0xFFFFFFFF. */
final class Zip64ExtraField {
  private static final int ZIP64 = 1;
  private static final long PLACEHOLDER = 0xFFFFFFFFL;

  private final @Nullable ByteBuffer values;
  private final String where;

  private Zip64ExtraField(@Nullable ByteBuffer values, String where) {
    this.values = values;
    this.where = where;
  }

  /**
   * {@return the zip64 field among an entry's extra fields}
   *
   * @param extra all extra fields: blocks of id, length and content
   * @param where file and entry, for error messages
   */
  static Zip64ExtraField of(ByteBuffer extra, String where) {
    ByteBuffer values = null;
    ByteBuffer in = extra.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (in.remaining() >= 4) {
      int id = in.getShort() & 0xFFFF;
      int length = in.getShort() & 0xFFFF;
      if (length > in.remaining()) {
        throw new WeightsException(where + ": an extra field goes beyond its header");
      }
      if (id == ZIP64) {
        if (values != null) {
          throw new WeightsException(where + ": the header has zip64 sizes twice");
        }
        values = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      }
      in.position(in.position() + length);
    }
    return new Zip64ExtraField(values, where);
  }

  /** {@return the value itself, or the next 64-bit value if it is the placeholder} */
  long next(long value) {
    if (value != PLACEHOLDER || values == null) {
      return value;
    }
    if (values.remaining() < 8) {
      throw new WeightsException(where + ": a zip64 size is missing in the header");
    }
    long wide = values.getLong();
    if (wide < 0) {
      throw new WeightsException(where + ": a zip64 size in the header is negative");
    }
    return wide;
  }
}
