"""R2: the media bucket that visitors read, the backup bucket that nobody does, and the S3 credentials for each use."""

from components.storage.backups import BackupStorage, BackupStorageArgs
from components.storage.credentials import BucketAccess, BucketCredentials, BucketCredentialsArgs
from components.storage.media import MediaStorage, MediaStorageArgs

__all__ = [
    "BackupStorage",
    "BackupStorageArgs",
    "BucketAccess",
    "BucketCredentials",
    "BucketCredentialsArgs",
    "MediaStorage",
    "MediaStorageArgs",
]
