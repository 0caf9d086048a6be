/**
 * From the head's numbers to boxes on the picture: decode, non-maximum suppression, back to
 * original pixels. Plain arrays in and out, in single precision as PyTorch computes.
 */
@NullMarked
package ai.irmb.postprocess;

import org.jspecify.annotations.NullMarked;
