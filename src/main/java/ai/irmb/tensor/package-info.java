/** Shapes, element types and arrays in JVM memory, independent of the engine. */
@NullMarked
package ai.irmb.tensor;

import org.jspecify.annotations.NullMarked;
