/** The results of a validation: precision, recall, mAP, curves and the confusion matrix. */
@NullMarked
package ai.irmb.validate;

import org.jspecify.annotations.NullMarked;
