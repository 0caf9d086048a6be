package ai.irmb.internal.image;

import java.util.ArrayList;
import java.util.List;
import javax.imageio.stream.ImageInputStreamImpl;

/** An ImageIO input stream over appended bytes, held in blocks so that growing copies nothing. */
final class BlockImageInputStream extends ImageInputStreamImpl {
  private static final int BLOCK = 1 << 16;

  private final List<byte[]> blocks = new ArrayList<>();
  private long size;

  void append(int value) {
    int at = (int) (size % BLOCK);
    if (at == 0) {
      blocks.add(new byte[BLOCK]);
    }
    blocks.get(blocks.size() - 1)[at] = (byte) value;
    size++;
  }

  void append(byte[] bytes) {
    for (byte value : bytes) {
      append(value);
    }
  }

  long size() {
    return size;
  }

  @Override
  public long length() {
    return size;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= size) {
      return -1;
    }
    int value = blocks.get((int) (streamPos / BLOCK))[(int) (streamPos % BLOCK)] & 0xFF;
    streamPos++;
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= size) {
      return -1;
    }
    int at = (int) (streamPos % BLOCK);
    int n = (int) Math.min(Math.min(length, BLOCK - at), size - streamPos);
    System.arraycopy(blocks.get((int) (streamPos / BLOCK)), at, into, offset, n);
    streamPos += n;
    return n;
  }
}
