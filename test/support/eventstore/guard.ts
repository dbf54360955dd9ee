import { ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { failure } from './answers.js';

/** Lets in who names the right user and password; features and gossip are for everybody. */
export function askingWho(user: string, password: string): ServerInterceptor {
  const right = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, go) {
            const [said] = metadata.get('authorization');
            if (said === right || !method.path.includes('.streams.')) go(metadata);
            else if (said === undefined)
              call.sendStatus(failure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }));
            else call.sendStatus(failure(status.UNAUTHENTICATED, 'Received HTTP status code 401'));
          },
        }),
    });
}
