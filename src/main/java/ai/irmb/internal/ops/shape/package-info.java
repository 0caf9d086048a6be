/** Output shapes, parameters and arithmetic of a network, without touching a number of it. */
@NullMarked
package ai.irmb.internal.ops.shape;

import org.jspecify.annotations.NullMarked;
