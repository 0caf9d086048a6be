/** The exceptions for faulty files, images and engines: one sealed, unchecked hierarchy. */
@NullMarked
package ai.irmb.error;

import org.jspecify.annotations.NullMarked;
