package ai.irmb.internal.ops.torchscript;

/**
 * The predictions of one detection head whose objectness passes a threshold, in the order anchor,
 * image, row, column.
 *
 * @param values per candidate: x, y, width, height, objectness and classes after the sigmoid, not
 *     yet decoded to pixels; then mask coefficients, unchanged
 * @param indices per candidate: its flat index in (anchors, images, rows, columns)
 */
// The arrays may be large, so they are not copied; nobody else keeps them.
@SuppressWarnings("ArrayRecordComponent")
public record HeadCandidates(float[] values, long[] indices) {}
