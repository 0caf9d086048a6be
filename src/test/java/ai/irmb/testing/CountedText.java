package ai.irmb.testing;

/**
 * Text that counts how often a character of it is read: the work of a parser, which is the same in
 * each run, unlike its time.
 */
public final class CountedText implements CharSequence {
  private final CharSequence text;
  private final long[] reads;

  public CountedText(String text) {
    this(text, new long[1]);
  }

  private CountedText(CharSequence text, long[] reads) {
    this.text = text;
    this.reads = reads;
  }

  /** {@return the number of reads, those of subsequences included} */
  public long reads() {
    return reads[0];
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    reads[0]++;
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new CountedText(text.subSequence(start, end), reads);
  }

  @Override
  public String toString() {
    reads[0] += text.length();
    return text.toString();
  }
}
