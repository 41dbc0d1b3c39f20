export { type MailSink, type MailSinkOptions, type SunkMail, startMailSink } from './mail-sink.ts';
