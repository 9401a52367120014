/// The page's pictures; each has a shape of its own, so that no meaning hangs on colour alone.
enum Icon {
    static let good: HTML = """
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm3.9 \
        6.2-4.6 4.9a1 1 0 0 1-1.4 0L4 9.2a1 1 0 1 1 1.4-1.4l1.2 1.1 3.9-4.1a1 1 0 0 1 1.4 1.4Z"/></svg>
        """

    static let notice: HTML = """
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M6.7 1.2a1.5 1.5 0 0 1 2.6 0l6.5 \
        11.5a1.5 1.5 0 0 1-1.3 2.3h-13a1.5 1.5 0 0 1-1.3-2.3ZM8 5a1 1 0 0 0-1 1v3.5a1 1 0 0 0 2 0V6a1 1 0 0 \
        0-1-1Zm0 6.2a1.1 1.1 0 1 0 0 2.2 1.1 1.1 0 0 0 0-2.2Z"/></svg>
        """

    static let bad: HTML = """
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M5 0h6l5 5v6l-5 5H5l-5-5V5Zm.9 4.5a1 1 0 \
        0 0-1.4 1.4L6.6 8l-2.1 2.1a1 1 0 1 0 1.4 1.4L8 9.4l2.1 2.1a1 1 0 0 0 1.4-1.4L9.4 8l2.1-2.1a1 1 0 0 \
        0-1.4-1.4L8 6.6Z"/></svg>
        """

    static let unknown: HTML = """
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 0a8 8 0 1 0 0 16A8 8 0 0 0 8 0Zm0 \
        2a6 6 0 1 1 0 12A6 6 0 0 1 8 2ZM4.5 7a1 1 0 0 0 0 2h7a1 1 0 0 0 0-2Z"/></svg>
        """

    /// A hull on its slip.
    static let brand: HTML = """
        <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 9.5h18l-2.6 5.2a3 3 0 0 1-2.7 \
        1.7H8.3a3 3 0 0 1-2.7-1.7ZM11 2h2v6h-2Z"/><path d="m1.5 18.2 21 2.3v1.8l-21-2.3Z"/></svg>
        """
}
