"""Notices a pen that is taken out of the tablet's reach in the middle of a stroke."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal


class PenProximity(QObject):
    """``gone`` says that the pen left, between ``begin`` and ``end``.

    Only the application is told of it, and to listen there costs a call for every event of every widget:
    that is paid while a pen is down and at no other time.
    """

    gone = Signal()

    def begin(self) -> None:
        """A pen was put down."""
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def end(self) -> None:
        """It was lifted."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes nothing away from anybody."""
        if event.type() == QEvent.Type.TabletLeaveProximity:
            self.end()
            self.gone.emit()
        return False
