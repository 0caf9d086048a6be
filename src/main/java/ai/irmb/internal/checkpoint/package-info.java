/**
 * Checkpoints: weights, structure, class names, strides and anchors of a trained model in a file.
 */
@NullMarked
package ai.irmb.internal.checkpoint;

import org.jspecify.annotations.NullMarked;
