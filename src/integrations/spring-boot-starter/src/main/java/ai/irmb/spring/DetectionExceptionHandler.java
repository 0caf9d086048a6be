package ai.irmb.spring;

import ai.irmb.error.DeviceMemoryException;
import ai.irmb.error.ImageException;
import ai.irmb.error.InferenceException;
import jakarta.servlet.MultipartConfigElement;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;

/**
 * Converts exceptions of a detection and of uploads to {@code application/problem+json}. A client
 * gets the message about its image, but no details of a failure of the service.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DetectionExceptionHandler {
  private static final Log LOG = LogFactory.getLog(DetectionExceptionHandler.class);
  private static final long KIB = 1024;

  private final Duration retryAfter;
  private final @Nullable MultipartConfigElement multipart;

  DetectionExceptionHandler(Duration retryAfter, @Nullable MultipartConfigElement multipart) {
    this.retryAfter = retryAfter;
    this.multipart = multipart;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> refused(OverloadException e) {
    return unavailable(String.valueOf(e.getMessage()), e.retryAfter());
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unusable(ImageException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case DAMAGED -> problem(HttpStatus.BAD_REQUEST, message);
      case UNSUPPORTED -> problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, message);
      case LIMIT_EXCEEDED -> problem(HttpStatus.CONTENT_TOO_LARGE, message);
      case OUT_OF_MEMORY -> {
        LOG.warn(message + "; lower irmb.calls.max-active or irmb.limits.pixels");
        yield unavailable("The service is out of memory; try again later", retryAfter);
      }
    };
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> failed(InferenceException e) {
    LOG.error("Inference failed", e);
    return e instanceof DeviceMemoryException
        ? unavailable("The device is out of memory; try again later", retryAfter)
        : problem(HttpStatus.INTERNAL_SERVER_ERROR, "Inference failed");
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> incomplete(MultipartException e) {
    if (e instanceof MaxUploadSizeExceededException) {
      return problem(HttpStatus.CONTENT_TOO_LARGE, "The upload is too large: " + limits());
    }
    SocketTimeoutException timeout = cause(e, SocketTimeoutException.class);
    if (timeout != null) {
      return ResponseEntity.status(HttpStatus.REQUEST_TIMEOUT)
          .header(HttpHeaders.CONNECTION, "close")
          .body(
              ProblemDetail.forStatusAndDetail(
                  HttpStatus.REQUEST_TIMEOUT, "The upload took too long"));
    }
    if (cause(e, EOFException.class) != null || isMalformed(e)) {
      return problem(HttpStatus.BAD_REQUEST, "The upload is incomplete or not multipart/form-data");
    }
    LOG.error("An upload could not be stored", e);
    return problem(HttpStatus.INTERNAL_SERVER_ERROR, "The upload could not be stored");
  }

  private String limits() {
    return multipart == null
        ? "see the server's limits"
        : "a file may have "
            + size(multipart.getMaxFileSize())
            + ", all files of a request together "
            + size(multipart.getMaxRequestSize());
  }

  private static String size(long bytes) {
    if (bytes < 0) {
      return "any size";
    }
    if (bytes % (KIB * KIB) == 0) {
      return bytes / KIB / KIB + " MB";
    }
    return bytes % KIB == 0 ? bytes / KIB + " KB" : bytes + " bytes";
  }

  /** {@return whether the body is not what its header says, by the parser's own exception} */
  private static boolean isMalformed(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String name = t.getClass().getSimpleName();
      if (name.startsWith("MalformedStream") || name.startsWith("FileUpload")) {
        return true;
      }
    }
    return false;
  }

  private static <T> @Nullable T cause(Throwable e, Class<T> type) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }

  private static ResponseEntity<ProblemDetail> unavailable(String message, Duration wait) {
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, wait.toSeconds())))
        .body(ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, message));
  }

  private static ResponseEntity<ProblemDetail> problem(HttpStatus status, String message) {
    return ResponseEntity.status(status).body(ProblemDetail.forStatusAndDetail(status, message));
  }
}
